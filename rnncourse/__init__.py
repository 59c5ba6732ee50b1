"""rnncourse: what the lessons show and ask, on top of the mathematics of `rnnlib`.

* `check`, `hint`, `solution`, `source`, `progress`, `quiz`, `myth_card`, `capstone` -
  what every notebook imports from here
* `lesson_00` to `lesson_14` - a folder a lesson: a folder for each explorer, with its
  numbers, its picture and its controls, and a file for each exercise
* `checking` - an answer is run, compared, and told in words what is wrong with it
* `drawing`, `exploring` - pictures, and the controls that move them
* `shared` - what several lessons compute
* `catalogue`, `explorers` - all exercises by id, and all explorers by name
* `exam` - the myth exam: cards of all lessons, drawn with a seed
* `carrying`, `in_tab` - progress from one computer to another, and in a browser tab
"""

from rnncourse._packages import require_packages

require_packages()

from rnncourse.carrying import carry_progress
from rnncourse.checking import watch
from rnncourse.checking.source import source_of
from rnncourse.commands import capstone, check, hint, progress, solution, source
from rnncourse.in_tab import ready
from rnncourse.quiz import myth_card, quiz
from rnncourse.set_up import set_up
from rnnlib.training.threads import limit_blas_threads

__all__ = [
    "capstone",
    "carry_progress",
    "check",
    "hint",
    "myth_card",
    "progress",
    "quiz",
    "ready",
    "set_up",
    "solution",
    "source",
    "source_of",
]

limit_blas_threads(1)  # lessons train small networks: two threads would only wait
for words in watch.news():  # of an answer that ended the Python before this one
    print(words)
