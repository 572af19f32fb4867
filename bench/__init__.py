"""Ferrow beside other libraries and beside the least that could be done: `python -m bench`.

Every case runs in a process of its own. The controller goes over the cases of a group in a new random order in every round, one
at a time, so that a slow drift of the machine hits all of them alike and no library shares a heap with another. Ratios are what
to read; absolute times are the machine's.

    case.py       what a case is, and the list of them     harness.py   rounds over workers
    cases/        one file per subject                     worker.py    the process of one case
    models/       the same table in three ORMs' words      report/      medians, tables, targets
    floor/        the least work that gets the answer      data.py      ten thousand users
"""
