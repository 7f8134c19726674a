ARG NAME=busy
FROM ${NAME}box
ARG NAME
RUN echo $NAME > /name
