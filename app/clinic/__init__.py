"""The clinic: consultants and their hours, bookings that cannot collide, the waitlist, the line at the counter, and visits.

Here stands what all of it rests on: the calendar (``calendar_models``, ``settings``, ``slots``, ``timetable``, ``plans``), seats and
bookings (``seats``, ``holding``, ``booking``, ``fairness``), who waits (``waitlist``, ``line``), and what is told (``messages``,
``reminding``). ``public``, ``desk`` and ``visit`` are the screens of visitors, of the office, and around a visit; none knows another.
"""
