queue-title = Coda
