# Fanfold as a container: Node, git, the source and its dependencies. No build step, no root.
FROM node:24-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends git ca-certificates \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY app.yml LICENSE ./
COPY bin ./bin
COPY workflows ./workflows
COPY src ./src

# The process owns its data and nothing of its code.
RUN mkdir --mode=700 /data && chown node:node /data
USER node
VOLUME /data

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 FANFOLD_DATA=/data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/ping`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# No npm in between: the process itself gets the signal and drains.
CMD ["node", "src/main.ts"]
