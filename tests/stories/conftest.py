"""Stories use the window of the user interface's tests."""

from tests.ui.conftest import *  # noqa: F403
