FROM busybox
MAINTAINER Some One <one@example.org>
