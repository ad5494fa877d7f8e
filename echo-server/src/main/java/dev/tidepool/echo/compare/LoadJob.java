package dev.tidepool.echo.compare;

import org.jspecify.annotations.Nullable;

/**
 * What the load's process is told to run.
 *
 * @param port of the server, on the loopback address
 * @param protocol the name of what is spoken
 * @param tls whether over TLS, whatever the certificate
 * @param connections open at once
 * @param pipeline requests under way on each, at most
 * @param sizes as {@code --data-size} has them
 * @param seed of the payloads and sizes
 * @param millis of the measurement
 * @param ratePerSecond of all connections together; null: as fast as answers come
 * @param slowReaderPercent so many of a hundred connections read slowly
 * @param lifetimeMillis after which a connection is opened again; 0: never
 */
public record LoadJob(
    int port,
    String protocol,
    boolean tls,
    int connections,
    int pipeline,
    String sizes,
    long seed,
    long millis,
    @Nullable Double ratePerSecond,
    int slowReaderPercent,
    int lifetimeMillis) {

  static LoadJob of(
      Scenario scenario, int port, long seed, long millis, @Nullable Double ratePerSecond) {
    return new LoadJob(
        port,
        scenario.protocol(),
        scenario.tls(),
        scenario.connections(),
        scenario.pipeline(),
        scenario.sizes(),
        seed,
        millis,
        ratePerSecond,
        scenario.slowReaderPercent(),
        scenario.lifetimeMillis());
  }
}
