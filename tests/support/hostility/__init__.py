"""A server that breaks the protocol in one place of a conversation, at each place, in each way; and a client that judges.

table        every message of a backend            mutations    what can be wrong with one, and with their order
conversation an honest server, wrong in one place  scram        its side of the authentication
serve        its process                           opponent     that process, from the client's side
scenes       what the client does meanwhile        campaign     all of it, and what must hold
heart        the longest gap of an event loop, the growth of this process
"""
