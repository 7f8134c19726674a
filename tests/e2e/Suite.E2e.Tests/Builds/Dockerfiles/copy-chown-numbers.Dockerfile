FROM busybox
COPY --chown=12:34 dir /owned
