FROM busybox
ADD a.txt /added/
