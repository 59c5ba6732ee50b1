"""A file is replaced as a whole or not at all, and keeps its links and its mode."""

import os
import time

import numpy as np
import pytest

from rnnlib import LanguageModel, Recurrent, RNNCell, load, save
from rnnlib._files import FORGOTTEN, replacing


def write(path, content):
    with replacing(path) as file:
        file.write(content)


def test_a_block_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a"
    write(path, b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"%d" % (1 // 0))
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="a link needs a right of its own there")
def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path):
    (tmp_path / "other").mkdir()
    target, link = tmp_path / "other" / "a", tmp_path / "b"
    write(target, b"old")
    link.symlink_to(target)
    write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="there a mode is read-only or nothing")
def test_a_saved_model_keeps_the_link_and_the_mode_of_its_file(tmp_path):
    rng = np.random.default_rng(0)
    model = LanguageModel(Recurrent(RNNCell(3, 2, rng=rng)), rng=rng)
    target, link = tmp_path / "a.npz", tmp_path / "b.npz"
    save(target, model)
    target.chmod(0o640)
    link.symlink_to(target)
    save(link, model)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert np.array_equal(
        load(target).params["output.W_hy"], model.params["output.W_hy"]
    )


def test_what_a_killed_process_left_goes_after_an_hour_and_not_before(tmp_path):
    for name, age in {
        ".a.1-1.new": FORGOTTEN + 9,
        ".a.2-2.new": 9,
        ".b.1.new": 1e6,
    }.items():
        stray = tmp_path / name
        stray.write_bytes(b"half")
        os.utime(stray, (time.time() - age,) * 2)
    write(tmp_path / "a", b"whole")
    assert sorted(os.listdir(tmp_path)) == [".a.2-2.new", ".b.1.new", "a"]
