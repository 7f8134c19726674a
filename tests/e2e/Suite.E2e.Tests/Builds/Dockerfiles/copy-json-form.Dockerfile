FROM busybox
COPY ["with space.txt", "/space/with space.txt"]
