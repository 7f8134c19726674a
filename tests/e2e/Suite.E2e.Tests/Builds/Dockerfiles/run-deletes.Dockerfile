FROM busybox
RUN mkdir /gone && touch /gone/x /stays
RUN rm -r /gone && rm /etc/group
