FROM busybox
COPY --chown=app:appg a.txt /owned.txt
COPY --chown=app b.txt /b.txt
