FROM busybox
RUN true
RUN cat /etc/passwd
