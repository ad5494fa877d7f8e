package dev.tidepool.allocator;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;

/** Informational responses (RFC 9110), which do not end a request. */
class HttpInformationalResponsesTest extends HttpServerChannel {
  @Test
  void a100IsNotTheResponse() {
    receive(POST_THAT_WAITS);
    write(empty(HttpResponseStatus.CONTINUE));
    assertEnded(0);
    receive(BODY);
    assertEnded(0);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  @Test
  void a100InTwoPartsIsNotTheResponse() {
    receive(POST_THAT_WAITS);
    write(
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE),
        LastHttpContent.EMPTY_LAST_CONTENT);
    receive(BODY);
    assertEnded(0);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  @Test
  void earlyHintsAndProcessingAreNotTheResponse() {
    receive(GET);
    write(empty(HttpResponseStatus.PROCESSING), empty(HttpResponseStatus.EARLY_HINTS));
    assertEnded(0);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  @Test
  void afterA100AnEarlyResponseWaitsForTheBody() {
    receive(POST_THAT_WAITS);
    write(empty(HttpResponseStatus.CONTINUE), full(HttpResponseStatus.CONFLICT));
    assertEnded(0);
    receive(BODY);
    assertEnded(1);
  }

  @Test
  void aFinalResponseInsteadOfA100EndsTheRequestWithoutItsBody() {
    receive(POST_THAT_WAITS);
    write(full(HttpResponseStatus.EXPECTATION_FAILED));
    assertEnded(1);
  }

  @Test
  void aBodySentAfterAFinalResponseIsNoNewRequest() {
    receive(POST_THAT_WAITS);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
    receive(BODY);
    assertEnded(1);
    receive(GET);
    write(full(HttpResponseStatus.OK));
    assertEnded(2);
  }

  @Test
  void anAggregatorBehindAnswersTheExpectationItself() {
    channel
        .pipeline()
        .addBefore(
            channel.pipeline().context(Server.class).name(),
            "whole",
            new HttpObjectAggregator(100));
    receive(POST_THAT_WAITS);
    write();
    assertEnded(0);
    receive(BODY);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
    receive("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 400\r\nExpect: 100-continue\r\n\r\n");
    write();
    assertEnded(2); // 413, by the aggregator
    receive(GET);
    write(full(HttpResponseStatus.OK));
    assertEnded(3);
  }
}
