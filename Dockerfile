# Hotfix Guard as a server: `docker build -t hotfix-guard .`
# `npm run test:image` runs these stages on bare directories, where no image can be pulled.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
# Builds too, by `prepare`.
RUN npm ci
RUN npm prune --omit=dev
RUN find dist -name '*.map' -delete

FROM node:22-slim
LABEL org.opencontainers.image.title="Hotfix Guard" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json app.yml LICENSE ./
COPY docs/rules ./docs/rules
# The file system may be read-only: only HOTFIX_STATE_DIR is written to, where it can be.
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/cli/main.js", "serve"]
