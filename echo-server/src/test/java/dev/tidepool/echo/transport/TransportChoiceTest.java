package dev.tidepool.echo.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransportChoiceTest {
  private static final Transport BROKEN =
      new Transport(
          "broken",
          NioIoHandler::newFactory,
          NioServerSocketChannel.class,
          NioSocketChannel.class,
          new IllegalStateException("outer", new UnsatisfiedLinkError("no such kernel")));

  @Test
  void autoFallsBackToWhatIsThere() throws Exception {
    Transport nio = Transport.nio();
    assertThat(TransportChoice.firstAvailable(List.of(BROKEN, nio))).isEqualTo(nio);
  }

  @Test
  void autoTakesTheFirstThatIsThere() throws Exception {
    Transport nio = Transport.nio();
    assertThat(TransportChoice.firstAvailable(List.of(nio, BROKEN))).isEqualTo(nio);
  }

  @Test
  void oneThatIsAskedForAndNotThereSaysWhy() {
    assertThatThrownBy(() -> TransportChoice.required(BROKEN))
        .isInstanceOf(TransportUnavailableException.class)
        .hasMessageContaining("transport broken is not available here")
        .hasMessageContaining("no such kernel");
  }
}
