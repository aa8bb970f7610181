# A small image with nothing in it but Roomkey and the certificate authorities: no shell, no package manager, no root.
#
#   docker build -t roomkey .
#
# There is no HEALTHCHECK, since there is no program for it in the image: ask http://…:9090/health/ready from outside.

# Alpine's libc is musl, so that the program is linked statically and runs on `scratch`.
FROM rust:1.95-alpine AS build
# C compiler and headers, for the cryptography (aws-lc), SQLite and the allocator.
RUN apk add --no-cache build-base linux-headers ca-certificates
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin roomkey && \
    cp target/release/roomkey /roomkey && \
    mkdir /state

FROM scratch
LABEL org.opencontainers.image.title="Roomkey" \
      org.opencontainers.image.description="Single sign-on for Jitsi Meet" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /roomkey /usr/bin/roomkey
COPY --from=build --chown=65532:65532 /state /var/lib/roomkey

USER 65532:65532
WORKDIR /var/lib/roomkey
VOLUME /var/lib/roomkey
ENV ROOMKEY_CONFIG=/etc/roomkey/roomkey.toml \
    ROOMKEY_SERVER__LISTEN=0.0.0.0:8080 \
    ROOMKEY_SERVER__MANAGEMENT_LISTEN=0.0.0.0:9090
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/roomkey"]
CMD ["serve"]
