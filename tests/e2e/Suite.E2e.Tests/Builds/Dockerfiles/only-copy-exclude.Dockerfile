FROM busybox
COPY --exclude=*.txt --exclude=deep dir /d
