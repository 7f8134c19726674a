FROM busybox
RUN mkdir -p /etc/conf.d && echo x > /etc/conf.d/x
ADD plain.tar /etc/
