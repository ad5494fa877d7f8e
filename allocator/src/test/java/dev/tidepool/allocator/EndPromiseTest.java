package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the promise of a response's end is completed, by whichever thread. */
class EndPromiseTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final LocalChannel channel = new LocalChannel();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final EndPromise promise;

  EndPromiseTest() {
    loop.register(channel).syncUninterruptibly();
    ChannelHandler handler =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            told.add("failed: " + cause.getMessage());
          }
        };
    channel.pipeline().addLast("handler", handler);
    promise =
        new EndPromise(
            channel.pipeline().context("handler"),
            () -> told.add(loop.inEventLoop() ? "ended" : "ended on another thread"));
  }

  @AfterEach
  void stop() {
    if (channel.isOpen()) {
      channel.close().syncUninterruptibly();
    }
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void onLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  private List<String> told() {
    onLoop(() -> {}); // what was left to the loop before has run
    return List.copyOf(told);
  }

  @Test
  void aSuccessOnTheLoopTellsAtOnce() {
    onLoop(
        () -> {
          promise.setSuccess();
          assertThat(told).containsExactly("ended");
        });
    assertThat(told()).containsExactly("ended");
  }

  @Test
  void aSuccessOnAnotherThreadTellsOnTheLoop() {
    assertThat(promise.trySuccess()).isTrue();
    assertThat(told()).containsExactly("ended");
  }

  @Test
  void aFailureIsFiredAsTheVoidPromisesIs() {
    assertThat(promise.tryFailure(new IllegalStateException("on purpose"))).isTrue();
    assertThat(told()).containsExactly("failed: on purpose", "ended");
    onLoop(() -> channel.voidPromise().setFailure(new IllegalStateException("on purpose")));
    assertThat(told()).endsWith("failed: on purpose");
  }

  @Test
  void aCancelledWriteEndsToo() {
    assertThat(promise.cancel(false)).isTrue();
    assertThat(told()).hasSize(2).last().isEqualTo("ended");
  }

  @Test
  void itIsCompletedOnce() {
    promise.setFailure(new IllegalStateException("on purpose"));
    assertThat(promise.trySuccess()).isFalse();
    assertThat(promise.cancel(false)).isFalse();
    assertThatIllegalStateException().isThrownBy(promise::setSuccess);
    assertThat(told()).containsExactly("failed: on purpose", "ended");
  }

  @Test
  void listenersAreToldAsWell() {
    promise.addListener(done -> told.add("a listener"));
    promise.setSuccess();
    assertThat(told()).containsExactlyInAnyOrder("ended", "a listener");
  }

  @Test
  void aFailureOnTheLoopIsToldByATaskOfItsOwn() {
    onLoop(
        () -> {
          promise.setFailure(new IllegalStateException("on purpose"));
          assertThat(told).as("a handler may write again, and fail again").isEmpty();
        });
    assertThat(told()).containsExactly("failed: on purpose", "ended");
  }

  @Test
  void whatTheEndThrowsStaysOutOfTheWrite() {
    EndPromise broken =
        new EndPromise(
            channel.pipeline().context("handler"),
            () -> {
              throw new IllegalStateException("on purpose");
            });
    onLoop(() -> assertThat(broken.trySuccess()).isTrue());
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void afterTheEndOfTheLoopNothingIsThrown() {
    stop();
    assertThat(promise.trySuccess()).isTrue();
  }
}
