package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.testing.EchoProcess;
import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The demo that stays: a process of its own, ended by a signal. */
class DemoProcessTest {
  private static final Pattern PAGE = Pattern.compile("page: (http://\\S+)");
  private static final Pattern CONNECTIONS = Pattern.compile("\"connections\":(\\d+)");
  private static final Pattern REQUESTS = Pattern.compile("\"requestsPerSecond\":([0-9.E-]+)");

  private static EchoProcess launch(String... options) throws IOException {
    return EchoProcess.launch(
        List.of(), List.of(("demo -d 300ms -c 6 " + String.join(" ", options)).split(" ")));
  }

  private static double figure(String page, Pattern pattern) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(page + "api/snapshot")).build();
      String json = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      Matcher matcher = pattern.matcher(json);
      assertThat(matcher.find()).as(json).isTrue();
      return Double.parseDouble(matcher.group(1));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void holdKeepsServerPageAndAGentleLoadUntilASignal() throws Exception {
    try (EchoProcess demo = launch("--hold", "--ui", "--ui-port", "0")) {
      demo.awaitLine("stay until Ctrl-C");
      Matcher page = PAGE.matcher(demo.output());
      assertThat(page.find()).isTrue();
      TestServer.await("four connections", () -> figure(page.group(1), CONNECTIONS) == 4);
      TestServer.await(
          "a gentle load",
          () -> {
            double rate = figure(page.group(1), REQUESTS);
            return rate > 0 && rate <= 40; // four connections, four times a second
          });
      assertThat(demo.output()).contains("What the clients saw").doesNotContain("shutdown");
      assertThat(demo.signal("TERM")).isZero();
      assertThat(demo.output())
          .containsOnlyOnce("What the clients saw")
          .contains("after shutdown    0 bytes: every byte went back");
      assertThat(demo.errors()).isEmpty();
    }
  }

  @Test
  void aSignalDuringTheLoadEndsAHoldingDemoToo() throws Exception {
    try (EchoProcess demo =
        EchoProcess.launch(List.of(), List.of("demo", "-d", "1m", "-c", "2", "--hold"))) {
      demo.awaitLine(Pattern.compile("1 s +[0-9,]+ req/s"));
      assertThat(demo.signal("TERM")).isEqualTo(143);
      assertThat(demo.output()).containsOnlyOnce("What the clients saw").doesNotContain("gentle");
    }
  }
}
