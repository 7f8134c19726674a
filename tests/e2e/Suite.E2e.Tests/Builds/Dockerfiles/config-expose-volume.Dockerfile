FROM busybox
RUN mkdir /data /more /json
EXPOSE 80 443/tcp 53/udp
VOLUME /data /more
VOLUME ["/json"]
