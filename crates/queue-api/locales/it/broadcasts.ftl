broadcasts-title = Notizie
