package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A limit holds to the last byte, and what is refused leaves no trace. */
class ByteLimitTest {
  private final ByteLimit limit = new ByteLimit(100);

  @Test
  void chargesAddUpToTheLimitAndNoFurther() {
    assertThat(limit.charge(60)).isTrue();
    assertThat(limit.charge(41)).isFalse();
    assertThat(limit.charged()).isEqualTo(60);
    assertThat(limit.charge(40)).isTrue();
    assertThat(limit.charged()).isEqualTo(100);
    assertThat(limit.charge(1)).isFalse();
    assertThat(limit.limit()).isEqualTo(100);
  }

  @Test
  void whatIsUnchargedIsRoomAgain() {
    limit.charge(100);
    limit.uncharge(30);
    assertThat(limit.charged()).isEqualTo(70);
    assertThat(limit.hasRoom(30)).isTrue();
    assertThat(limit.hasRoom(31)).isFalse();
    assertThat(limit.charge(30)).isTrue();
  }

  @Test
  void theLargestLimitDoesNotOverflow() {
    ByteLimit none = new ByteLimit(Long.MAX_VALUE);
    assertThat(none.charge(Integer.MAX_VALUE)).isTrue();
    assertThat(none.charge(Integer.MAX_VALUE)).isTrue();
    assertThat(none.charged()).isEqualTo(2L * Integer.MAX_VALUE);
  }
}
