conversations-title = Conversazioni
