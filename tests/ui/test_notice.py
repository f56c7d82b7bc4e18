"""The quiet line at the canvas's foot makes way for words at the pointer."""

from PySide6.QtCore import QPoint, QRect


def places(window) -> tuple[QRect, QRect]:
    bubble, notice = window.canvas.bubble, window.notice
    corner = bubble.mapTo(notice.parentWidget(), QPoint(0, 0))
    return notice.geometry(), QRect(corner, bubble.size())


def test_the_line_stands_above_words_near_the_canvas_foot_and_comes_back(window, opened) -> None:
    canvas, notice = window.canvas, window.notice
    notice.say("Moved 3 gates")
    foot = notice.geometry()
    canvas.tell("Drop to put it into this wire.", at=QPoint(30, canvas.height() - 55))
    line, words = places(window)
    assert foot.intersects(words)
    assert not line.intersects(words)
    assert line.bottom() < words.top()
    canvas.hush()
    assert notice.geometry() == foot


def test_what_is_said_while_words_stand_there_does_not_cover_them(window, opened) -> None:
    canvas = window.canvas
    canvas.tell("would make a loop", bad=True, ms=4000, at=QPoint(40, canvas.height() - 55))
    window.notice.say("Connected x to q, port x")
    line, words = places(window)
    assert window.notice.isVisible()
    assert not line.intersects(words)


def test_words_elsewhere_leave_the_line_where_it_is(window, opened) -> None:
    window.notice.say("Moved 3 gates")
    foot = window.notice.geometry()
    window.canvas.tell("input x", at=QPoint(400, 60))
    assert window.notice.geometry() == foot


def test_a_closed_graph_leaves_nothing_to_make_way_for(window, opened) -> None:
    opened.undo_stack.setClean()
    window.session.close(opened)
    window.notice.say("Closed")
    assert window.notice.isVisible()
