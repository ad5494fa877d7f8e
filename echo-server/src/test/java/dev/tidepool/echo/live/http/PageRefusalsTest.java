package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.live.http.PageClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are refused: each with its status and a sentence, and the page goes on. */
class PageRefusalsTest {
  private TestPage page;

  @BeforeEach
  void start() throws IOException {
    page = new TestPage();
  }

  /** None of it is a fault of the server's: nothing is logged. */
  @AfterEach
  void stop() throws IOException {
    try (PageClient client = page.client()) {
      assertThat(client.get("/healthz").text()).isEqualTo("ok\n");
    }
    page.close();
    assertThat(page.faults).isEmpty();
  }

  private Response send(String bytes) throws IOException {
    try (PageClient client = page.client()) {
      client.send(bytes.replace("OWN", client.host()));
      return client.response();
    }
  }

  // Names

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "127.0.0.1",
        "localhost",
        "localhost:1",
        "127.0.0.1:PORT.evil.example",
        "127.0.0.1.evil.example:PORT",
        "localhost.:PORT",
        "user@127.0.0.1:PORT",
        "127.0.0.2:PORT",
        "0.0.0.0:PORT",
        "10.0.0.1:PORT",
        "",
      })
  void anotherNameReachesNothing(String host) throws IOException {
    String name = host.replace("PORT", String.valueOf(page.address.getPort()));
    for (String request :
        new String[] {
          "GET / HTTP/1.1\r\n",
          "GET /api/snapshot HTTP/1.1\r\n",
          "GET /api/events HTTP/1.1\r\n",
          "GET /metrics HTTP/1.0\r\n",
          "POST /api/actions/leak HTTP/1.1\r\nX-Tidepool: 1\r\nContent-Length: 0\r\n",
          "GET /nothing HTTP/1.1\r\n",
        }) {
      Response refused = send(request + "Host: " + name + "\r\n\r\n");
      assertThat(refused.status()).isEqualTo(421);
      assertThat(refused.error())
          .isEqualTo(
              "Host is '%s', expected 127.0.0.1:%2$d or localhost:%2$d or [::1]:%2$d"
                  .formatted(name, page.address.getPort()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT"})
  void itsOwnNamesReachIt(String host) throws IOException {
    String name = host.replace("PORT", String.valueOf(page.address.getPort()));
    assertThat(send("GET /healthz HTTP/1.1\r\nHost: " + name + "\r\n\r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"'',0 Host headers", "'Host: OWN\r\nHost: OWN\r\n',2 Host headers"})
  void oneHostIsExpected(String hosts, String problem) throws IOException {
    Response refused = send("GET / HTTP/1.1\r\n" + hosts.replace("\\r\\n", "\r\n") + "\r\n");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).contains(problem);
  }

  // Other sites

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "X-Tidepool: 0\r\n",
        "X-Tidepool: 1\r\nX-Tidepool: 1\r\n",
        "X-Tidepool: 1\r\nOrigin: http://evil.example\r\n",
        "X-Tidepool: 1\r\nOrigin: null\r\n",
        "X-Tidepool: 1\r\nOrigin: https://OWN\r\n",
        "X-Tidepool: 1\r\nOrigin: http://localhost:1\r\n",
        "X-Tidepool: 1\r\nSec-Fetch-Site: cross-site\r\n",
        "X-Tidepool: 1\r\nSec-Fetch-Site: same-site\r\n",
        "X-Tidepool: 1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://OWN\r\n",
      })
  void anotherSiteChangesNothing(String headers) throws IOException {
    for (String change : new String[] {"POST", "DELETE", "PUT", "PATCH", "OPTIONS", "NONSENSE"}) {
      Response refused =
          send(change + " /api/arenas/1/recording HTTP/1.1\r\nHost: OWN\r\n" + headers + "\r\n");
      assertThat(refused.status()).as(change).isEqualTo(403);
      assertThat(refused.error()).contains("expected");
      assertThat(refused.headers().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n",
      })
  void anotherSitesScriptsReadNothing(String headers) throws IOException {
    assertThat(send("GET /api/snapshot HTTP/1.1\r\nHost: OWN\r\n" + headers + "\r\n").status())
        .isEqualTo(403);
  }

  @Test
  void aLinkOnAnotherSiteMayLeadHere() throws IOException {
    String link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
    assertThat(send("GET / HTTP/1.1\r\nHost: OWN\r\n" + link + "\r\n").status()).isEqualTo(200);
  }

  // Methods

  @ParameterizedTest
  @CsvSource({
    "POST,/,'GET, HEAD'",
    "DELETE,/api/snapshot,'GET, HEAD'",
    "PUT,/api/events,'GET, HEAD'",
    "GET,/api/actions/leak,POST",
    "OPTIONS,/healthz,'GET, HEAD'",
    "CONNECT,/metrics,'GET, HEAD'",
    "NONSENSE,/app/api.js,'GET, HEAD'",
  })
  void theWrongMethodIsToldTheRightOnes(String method, String path, String allowed)
      throws IOException {
    try (PageClient client = page.client()) {
      Response refused = client.change(method, path);
      assertThat(refused.status()).isEqualTo(405);
      assertThat(refused.headers()).containsEntry("allow", allowed);
      assertThat(refused.error()).contains(method);
    }
  }

  @Test
  void nothingIsChangedWhereThereIsNothing() throws IOException {
    try (PageClient client = page.client()) {
      assertThat(client.change("POST", "/nothing").status()).isEqualTo(404);
    }
  }

  // HTTP that is wrong

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1 and more\r\nHost: OWN\r\n\r\n",
        "GET / HTTP/x\r\nHost: OWN\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: OWN\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: OWN\r\na name: value\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: OWN\r\nname: nul\0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: OWN\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: OWN\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: OWN\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        "GET http://OWN/ HTTP/1.1\r\nHost: OWN\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: OWN\r\n\r\n",
        "CONNECT OWN HTTP/1.1\r\nHost: OWN\r\n\r\n",
      })
  void isAnswered400(String bytes) throws IOException {
    Response refused = send(bytes);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: OWN\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: OWN\r\nContent-Length: 1000000000\r\n\r\n",
      })
  void afterItTheConnectionIsClosedWhateverFollows(String bytes) throws IOException {
    try (PageClient client = page.client()) {
      client.send(bytes.replace("OWN", client.host()));
      client.send("GET /healthz HTTP/1.1\r\nHost: " + client.host() + "\r\n\r\n");
      Response refused = client.response();
      assertThat(refused.status()).isGreaterThanOrEqualTo(400);
      assertThat(refused.headers()).containsEntry("connection", "close");
      client.assertClosed();
    }
  }

  @Test
  void anotherVersionIsNotSpoken() throws IOException {
    assertThat(send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status()).isEqualTo(505);
    assertThat(send("GET / HTTP/3.7\r\nHost: OWN\r\n\r\n").status()).isEqualTo(505);
  }

  @Test
  void whatIsTooLongIsSaidToBe() throws IOException {
    String name = "a".repeat(9_000);
    assertThat(send("GET /" + name + " HTTP/1.1\r\nHost: OWN\r\n\r\n").status()).isEqualTo(414);
    assertThat(send("GET / HTTP/1.1\r\nHost: OWN\r\nname: " + name + "\r\n\r\n").status())
        .isEqualTo(431);
    String body = "POST / HTTP/1.1\r\nHost: OWN\r\nX-Tidepool: 1\r\n";
    Response announced = send(body + "Content-Length: 1025\r\n\r\n");
    assertThat(announced.status()).isEqualTo(413);
    assertThat(announced.error()).contains("expected 1024 bytes at most");
    String chunk = "400\r\n" + "a".repeat(1024) + "\r\n";
    assertThat(send(body + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk).status())
        .isEqualTo(413);
    Response allowed = send(body + "Content-Length: 1024\r\n\r\n" + "a".repeat(1024));
    assertThat(allowed.status()).as("not too long").isEqualTo(405);
  }

  @Test
  void whatIsTooLongIsRefusedInItsTurn() throws IOException {
    try (PageClient client = page.client()) {
      String head = " HTTP/1.1\r\nHost: " + client.host() + "\r\n";
      client.send("GET /healthz" + head + "\r\nPOST /" + head + "Content-Length: 9999\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(client.response().status()).isEqualTo(413);
      client.assertClosed();
    }
  }

  @Test
  void aBodyThatAwaitsPermissionGetsItOrNot() throws IOException {
    try (PageClient client = page.client()) {
      client.request(
          "POST", "/nothing", "X-Tidepool: 1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n");
      assertThat(client.response().status()).isEqualTo(100);
      client.send("abc");
      assertThat(client.response().status()).isEqualTo(404);
      client.request("POST", "/nothing", "Expect: 100-continue\r\nContent-Length: 3000\r\n");
      Response refused = client.response();
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.headers()).containsKey("content-security-policy");
    }
  }

  @Test
  void whoeverLeavesEarlyLeavesNothingBehind() throws IOException {
    for (String start : new String[] {"", "G", "GET / HTTP/1.1\r\nHost: ", "POST / HTTP/1.1\r\n"}) {
      try (PageClient client = page.client()) {
        client.send(start);
      }
    }
    page.awaitNoMemory();
  }
}
