"""The web application of the desk: staff screens, the citizens' page, the chat without JavaScript, the model server.

Routes translate only: form fields in, a service function of `kb` or `consultame`, a page or a redirect out.
"""
