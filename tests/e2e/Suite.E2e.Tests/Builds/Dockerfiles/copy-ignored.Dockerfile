FROM busybox
COPY ignored /ignored
