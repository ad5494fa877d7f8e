package dev.tidepool.echo.load.live;

import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Reads a server's figures from its live page, over HTTP. Thread-safe. */
public final class ServerPage {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String PATH = "/api/server";

  private final URI figures;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * @param page the page's address, as the server prints it
   */
  public ServerPage(URI page) {
    this.figures = page.resolve(PATH);
  }

  /**
   * The figures as they are now; the server makes them on a thread that is no event loop of it.
   *
   * @throws IOException if the page does not answer with them
   */
  public ServerFigures read() throws IOException {
    HttpRequest request = HttpRequest.newBuilder(figures).timeout(PATIENCE).build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("it answered with status " + response.statusCode());
      }
      return parse(response.body());
    } catch (IOException e) {
      throw new IOException(
          "cannot read the server's figures from " + figures + ": " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading " + figures, e);
    }
  }

  private static ServerFigures parse(String body) throws IOException {
    try {
      return Json.read(ServerFigures.class, body);
    } catch (IOException e) {
      throw new IOException("it did not answer with a server's figures");
    }
  }

  /** The client's own exceptions say nothing of what happened, as "ConnectException: null". */
  private static String reason(IOException failure) {
    return failure instanceof ConnectException ? "cannot connect" : Failures.reason(failure);
  }

  /** As {@link #read}; nothing if the page does not answer. */
  public Optional<ServerFigures> readOrEmpty() {
    try {
      return Optional.of(read());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
