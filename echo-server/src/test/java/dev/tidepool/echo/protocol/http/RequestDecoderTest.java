package dev.tidepool.echo.protocol.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The decoder of requests that arrive in pieces, with empty lines before them. */
class RequestDecoderTest {
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n";
  private static final String GOOD = "\r\n" + HEAD + "\r\nx";
  private static final String FOLDED = "\r\n" + HEAD + "A: b\r\n c: d\r\n\r\nx";

  private RequestDecoder decoder;
  private EmbeddedChannel channel;

  private void open() {
    decoder = new RequestDecoder();
    channel = new EmbeddedChannel(decoder);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void receive(String piece) {
    ByteBuf bytes = Unpooled.copiedBuffer(piece, ISO_8859_1);
    channel.writeInbound(bytes);
  }

  /** Whether each message that was decoded since is right. */
  private List<Boolean> decoded() {
    List<Boolean> successes = new ArrayList<>();
    for (HttpObject message = channel.readInbound();
        message != null;
        message = channel.readInbound()) {
      successes.add(message.decoderResult().isSuccess());
      ReferenceCountUtil.release(message);
    }
    return successes;
  }

  @Test
  void aFoldedLineIsFoundHoweverTheRequestIsCut() {
    for (int cut = 1; cut < FOLDED.length(); cut++) {
      open();
      receive(FOLDED.substring(0, cut));
      receive(FOLDED.substring(cut));
      assertThat(decoded()).as("cut at %d", cut).containsExactly(false);
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aFoldedLineIsFoundBehindAnEmptyLineThatCameAlone() {
    open();
    receive("\r\n");
    receive(FOLDED);
    assertThat(decoded()).containsExactly(false);
  }

  @Test
  void aRequestIsDecodedHoweverItIsCut() {
    for (int cut = 1; cut < GOOD.length(); cut++) {
      open();
      receive(GOOD.substring(0, cut));
      receive(GOOD.substring(cut));
      assertThat(decoded()).as("cut at %d", cut).containsExactly(true, true);
      assertThat(decoder.midRequest()).isFalse();
      channel.finishAndReleaseAll();
    }
  }

  /** Else the server would wait for its end when it stops. */
  @Test
  void anEmptyLineBehindARequestBeginsNone() {
    open();
    receive(GOOD);
    receive("\r\n");
    assertThat(decoder.midRequest()).isFalse();
    receive("P");
    assertThat(decoder.midRequest()).isTrue();
    receive(HEAD.substring(1));
    assertThat(decoder.midRequest()).isTrue();
    receive("\r\nx");
    assertThat(decoder.midRequest()).isFalse();
    assertThat(decoded()).containsExactly(true, true, true, true);
  }
}
