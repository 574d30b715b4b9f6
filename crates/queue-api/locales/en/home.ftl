home-title = How things stand
home-welcome = Here you will see how things stand.
