# syntax=docker/dockerfile:1
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build \
 && npm prune --omit=dev --no-audit --no-fund \
 # Of ONNX Runtime's prebuilt libraries only those of this platform are kept (it ships Windows, macOS and both Linux ones).
 && arch="$(node -p process.arch)" \
 && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d ! -name linux -exec rm -rf {} + \
 && find node_modules/onnxruntime-node/bin -path '*/linux/*' -mindepth 3 -maxdepth 3 -type d ! -name "$arch" -exec rm -rf {} + \
 # The browser build of the runtime is not used here.
 && rm -rf node_modules/onnxruntime-web/dist/*.wasm

FROM node:22-bookworm-slim
ENV NODE_ENV=production RAPPORT_SKIP_BUILD=1 RAPPORT_HOST=0.0.0.0 PORT=3000 RAPPORT_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/NOTICE ./
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/dist ./dist
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/config ./config
COPY --from=build /app/characters ./characters
COPY --from=build /app/models ./models
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# The server listens beyond loopback here, so RAPPORT_API_KEY (or RAPPORT_API_KEY_FILE) must be set.
CMD ["node", "scripts/rapport.mjs", "start"]
