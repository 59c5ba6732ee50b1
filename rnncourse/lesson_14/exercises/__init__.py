"""The capstones of lesson 14: a file each; `rnncourse.lesson_14.rubric` checks them."""
