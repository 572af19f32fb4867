"""The only room that waits: sockets, threads, event loops.

`url` says where to go, `blocking` and `aio` are the two ways of waiting, `drive` runs a coroutine that never waits.
"""
