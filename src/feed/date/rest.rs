//! The characters of a date that are left to read, and the time of day, which both forms have.

/// A reader over the characters that are left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a>(pub(super) &'a str);

impl<'a> Rest<'a> {
    /// Takes `min` to `max` digits.
    pub(super) fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let len = self.digits().min(max);
        let (digits, rest) = self.0.split_at(len);
        self.0 = if len >= min { rest } else { return None };
        digits.parse().ok()
    }

    /// How many digits come next.
    pub(super) fn digits(self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// Takes one of `chars`.
    pub(super) fn one_of(&mut self, chars: &[char]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| chars.contains(c))?;
        self.0 = &self.0[c.len_utf8()..];
        Some(c)
    }

    /// Takes the characters up to the first that does not belong.
    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.0.split_at(self.0.find(|c| !belongs(c)).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    pub(super) fn skip_space(&mut self) {
        self.0 = self.0.trim_start();
    }

    /// Takes a time of day: `10:14:55.123`, `10:14`, `10.14`, `101455`, `8:56 pm`.
    pub(super) fn clock(&mut self) -> Option<(u32, u32, u32)> {
        let (mut hour, minute, second);
        let width = self.digits();
        if width == 4 || width == 6 {
            hour = self.number(2, 2)?;
            minute = self.number(2, 2)?;
            second = if width == 6 { self.number(2, 2)? } else { 0 };
        } else {
            hour = self.number(1, 2)?;
            let separator = self.one_of(&[':', '.', 'h', 'H']);
            minute = if separator.is_some() { self.number(1, 2)? } else { 0 };
            let has_second = separator.is_some_and(|separator| self.one_of(&[separator]).is_some());
            second = if has_second { self.number(1, 2)? } else { 0 };
        }
        if self.one_of(&['.', ',', ':']).is_some() {
            self.number(0, 12);
        }
        self.skip_space();
        if (1..=12).contains(&hour)
            && let Some(is_afternoon) = self.half_of_day()
        {
            hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        }
        (hour <= 24 && minute < 60 && second <= 60).then_some((hour, minute, second))
    }

    /// Takes `am`, `PM`, `a.m.`, and no beginning of `America/New_York`. Returns whether it is the afternoon.
    pub(super) fn half_of_day(&mut self) -> Option<bool> {
        let mut ahead = *self;
        let is_afternoon = matches!(ahead.one_of(&['a', 'A', 'p', 'P'])?, 'p' | 'P');
        ahead.one_of(&['.']);
        ahead.one_of(&['m', 'M'])?;
        ahead.one_of(&['.']);
        let word = ahead.0.strip_prefix('Z').unwrap_or(ahead.0); // `8:56 PMZ`
        if word.starts_with(char::is_alphabetic) {
            return None;
        }
        *self = ahead;
        Some(is_afternoon)
    }
}
