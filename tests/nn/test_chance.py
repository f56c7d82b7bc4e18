"""What is drawn by lot is the same each time, and nobody's numbers are another's."""

from itertools import combinations

from bpstudio.nn.chance import DROPOUT, ORDER, WEIGHTS, begin_again, chance


def test_a_stream_is_the_same_each_time_and_no_others():
    streams = WEIGHTS, ORDER, DROPOUT
    drawn = [tuple(chance(seed, stream).random(4)) for seed in (0, 1) for stream in streams]
    assert drawn == [tuple(chance(seed, s).random(4)) for seed in (0, 1) for s in streams]
    assert all(one != other for one, other in combinations(drawn, 2))


def test_a_generator_that_others_hold_begins_again():
    held = rng = chance(3, ORDER)
    first = rng.random(4).tolist()
    begin_again(rng, 3, ORDER)
    assert held.random(4).tolist() == first
    begin_again(rng, 3, DROPOUT)
    assert held.random(4).tolist() != first
