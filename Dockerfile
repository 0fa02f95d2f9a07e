# The shop without its models: page, team, tool servers, and the stand-in that answers where there is no GPU.
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 shopdesk && install --directory --owner shopdesk /data
WORKDIR /shopdesk

# The packages change less often than the code: this layer is kept until they do.
COPY constraints.txt pyproject.toml ./
RUN python -c "import tomllib; print('\n'.join(tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies']))" > wanted.txt \
    && pip install --no-cache-dir -c constraints.txt -r wanted.txt

COPY . .
RUN pip install --no-cache-dir -c constraints.txt .

USER shopdesk
# Ports are published to 127.0.0.1 alone; inside the container there is no other way in than every address.
ENV SHOPDESK_HOME=/data HOST=0.0.0.0 PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME /data
EXPOSE 3000 8100
CMD ["shopdesk", "up"]
