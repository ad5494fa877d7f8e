package dev.tidepool.echo.live.http;

import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.Subscription;
import java.util.List;
import java.util.function.Consumer;

/**
 * The samples of a sampler.
 *
 * @param sampler has taken its first sample
 */
record SamplerFeed(Sampler sampler) implements LiveFeed {
  @Override
  public LiveSnapshot latest() {
    return sampler.latest();
  }

  @Override
  public List<LiveSnapshot.Point> history() {
    return sampler.history();
  }

  @Override
  public Subscription subscribe(Consumer<LiveSnapshot> subscriber) {
    return sampler.subscribe(subscriber);
  }
}
