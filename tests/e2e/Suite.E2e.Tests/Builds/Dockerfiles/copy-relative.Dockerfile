FROM busybox
WORKDIR /work
COPY a.txt .
COPY b.txt sub/
