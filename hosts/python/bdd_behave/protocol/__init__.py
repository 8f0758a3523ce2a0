"""The worker protocol of bdd: messages, the queue of work, and what runs. It knows no test framework."""
