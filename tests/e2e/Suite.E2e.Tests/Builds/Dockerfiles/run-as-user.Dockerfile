FROM busybox
RUN mkdir /mine && chown app:appg /mine
USER app
RUN id -u > /mine/uid; id -g >> /mine/uid; touch /mine/f
