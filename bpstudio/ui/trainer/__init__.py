"""The training panel: small networks that learn while one looks on.

    engine.py    Engine: a trainer, its messages and what is drawn of it; belongs to one thread
    runner.py    Runner: the engine in a thread of its own, pulled from the window 30 times a second
    panel.py     TrainingPanel: what stands in the window; TABS are its pages

Nothing here is imported before the panel is first opened.
"""
