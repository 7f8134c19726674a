FROM busybox
COPY empty /empty
