FROM busybox
ENV F=dir/deep/name.tar.gz
ENV A=${F#*/} B=${F##*/} C=${F%.*} D=${F%%.*} E=${F/deep/flat} H=${F//\//-}
