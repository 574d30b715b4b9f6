home-title = Come va
home-welcome = Qui vedrete come stanno le cose.
