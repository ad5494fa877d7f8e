package dev.tidepool.benchmarks.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;

/**
 * A reader of a server's page, in a process of its own, so that its CPU is not the server's. Asks
 * for a path again and again, and reads all that comes, until it is ended; says so once the first
 * has come.
 */
final class PageReader {
  private PageReader() {}

  /** {@code PORT PATH PAUSE_MILLIS}: the pause is that from one answer's request to the next. */
  public static void main(String[] args) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + args[0] + args[1]);
    long pause = Duration.ofMillis(Long.parseLong(args[2])).toMillis();
    HttpClient client = HttpClient.newHttpClient();
    Thread reading = new Thread(() -> readForever(client, page, pause), "reader");
    reading.setDaemon(true);
    reading.start();
    Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
    while (input.hasNextLine()) {
      input.nextLine();
    }
    System.exit(0);
  }

  private static void readForever(HttpClient client, URI page, long pause) {
    try {
      while (true) {
        read(client, page);
        Thread.sleep(pause);
      }
    } catch (IOException | InterruptedException e) {
      System.exit(0); // the page has gone
    }
  }

  private static void read(HttpClient client, URI page) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(page).build();
    try (InputStream body = client.send(request, BodyHandlers.ofInputStream()).body()) {
      byte[] bytes = new byte[1 << 16];
      int read = body.read(bytes);
      System.out.println(read);
      while (read >= 0) {
        read = body.read(bytes);
      }
    }
  }
}
