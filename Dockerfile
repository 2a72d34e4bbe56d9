# For hosts other than App Service. Build: docker build --tag routebot .
# Run: docker run --env-file .env --volume ./routebot.yaml:/app/routebot.yaml:ro --publish 3978:3978 routebot
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production ROUTEBOT_HOST=0.0.0.0
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY manifest manifest
COPY src src
# For the embedded store set ROUTEBOT_DATA_DIR=/data and keep the volume; with DATABASE_URL nothing is kept here.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 3978
HEALTHCHECK --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:3978/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts", "serve"]
